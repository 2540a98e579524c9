/** What `earshot/define` is where there is no page: nothing is registered. Node, and bundlers for it. */
export {};
