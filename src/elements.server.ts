/** Stands for the element's class where there is no page, on a server that renders: can be named, and does nothing. */
export class KwsListener extends EventTarget {}

/** Stands for the element's class, as above. Node, and bundlers for it. */
export class LiveTranscript extends EventTarget {}
