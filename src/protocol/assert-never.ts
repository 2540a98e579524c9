/** Ends a `switch` over a union: compile-checked to be unreachable, and an error with the kind's name if reached. */
export function assertNever(message: never): never {
  const {kind} = message as {kind?: unknown};
  throw new TypeError(`got message kind ${JSON.stringify(kind)}, expected one of this protocol version`);
}
