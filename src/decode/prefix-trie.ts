/** No node. */
export const NO_NODE = -1;

/**
 * The prefixes of a search as a tree in typed arrays: each prefix is one node, and a node lives while the search or a
 * longer prefix holds it; then its place is used again.
 *
 * One thread. Allocates in the constructor and, in `reserve`, when the tree grows past all it ever was.
 */
export class PrefixTrie {
  parent!: Int32Array;
  /** Last token of the prefix. */
  token!: Int32Array;
  firstChild!: Int32Array;
  /** Next child of the same parent; of a free node, the next free one. */
  nextSibling!: Int32Array;
  /** Place that the search gave the prefix in its beam, −1 if none. */
  slot!: Int32Array;
  /** The prefix that all others begin with. */
  root = NO_NODE;
  #references!: Int32Array; // holders: children, and those who called retain
  #firstFree = NO_NODE;
  #freeCount = 0;

  constructor(capacity: number) {
    this.#allocate(capacity);
    this.reset();
  }

  /** Number of nodes that there is room for. */
  get capacity(): number {
    return this.parent.length;
  }

  /** Forgets all prefixes but the empty one, which becomes the root. */
  reset(): void {
    this.#firstFree = NO_NODE;
    this.#freeCount = 0;
    this.#addFree(0);
    this.root = this.#take(NO_NODE, -1);
    this.#references[this.root] = 1;
  }

  /** Makes sure that so many nodes can be added without growing; a loop may hoist the arrays until then. */
  reserve(count: number): void {
    while (this.#freeCount < count) this.#grow();
  }

  /** The prefix one token longer, found or made. A new one is held by nobody: retain it. */
  childOf(node: number, token: number): number {
    const {firstChild, nextSibling, token: tokens} = this;
    let child = firstChild[node];
    while (child !== NO_NODE && tokens[child] !== token) child = nextSibling[child];
    if (child !== NO_NODE) return child;
    child = this.#take(node, token);
    nextSibling[child] = firstChild[node];
    firstChild[node] = child;
    this.retain(node);
    return child;
  }

  retain(node: number): void {
    this.#references[node]++;
  }

  /** Lets go of a node, and of those above it that nobody else holds. */
  release(node: number): void {
    let current = node;
    while (current !== NO_NODE && --this.#references[current] === 0) {
      const parent = this.parent[current];
      if (parent !== NO_NODE) this.#unlink(current, parent);
      this.#addToFree(current);
      current = parent;
    }
  }

  /** The only child of the root, where it has exactly one. */
  onlyChildOfRoot(): number {
    const child = this.firstChild[this.root];
    return child !== NO_NODE && this.nextSibling[child] === NO_NODE ? child : NO_NODE;
  }

  /** Makes the root's only child the root. The old root must be in nobody else's hands. */
  descend(child: number): void {
    const old = this.root;
    this.retain(child);
    this.parent[child] = NO_NODE;
    this.root = child;
    this.#addToFree(old);
  }

  #unlink(node: number, parent: number): void {
    const {firstChild, nextSibling} = this;
    if (firstChild[parent] === node) {
      firstChild[parent] = nextSibling[node];
      return;
    }
    let sibling = firstChild[parent];
    while (nextSibling[sibling] !== node) sibling = nextSibling[sibling];
    nextSibling[sibling] = nextSibling[node];
  }

  #take(parent: number, token: number): number {
    const node = this.#firstFree;
    this.#firstFree = this.nextSibling[node];
    this.#freeCount--;
    this.parent[node] = parent;
    this.token[node] = token;
    this.firstChild[node] = NO_NODE;
    this.nextSibling[node] = NO_NODE;
    this.slot[node] = -1;
    this.#references[node] = 0;
    return node;
  }

  #addToFree(node: number): void {
    this.nextSibling[node] = this.#firstFree;
    this.#firstFree = node;
    this.#freeCount++;
  }

  #addFree(from: number): void {
    for (let node = this.capacity - 1; node >= from; node--) this.#addToFree(node);
  }

  #grow(): void {
    const old = this.capacity;
    this.#allocate(2 * old);
    this.#addFree(old);
  }

  #allocate(capacity: number): void {
    this.parent = resized(this.parent, capacity);
    this.token = resized(this.token, capacity);
    this.firstChild = resized(this.firstChild, capacity);
    this.nextSibling = resized(this.nextSibling, capacity);
    this.slot = resized(this.slot, capacity);
    this.#references = resized(this.#references, capacity);
  }
}

/** A longer copy of the values, or room for them where there are none yet. */
export function resized(values: Int32Array | undefined, capacity: number): Int32Array {
  const longer = new Int32Array(capacity);
  if (values !== undefined) longer.set(values);
  return longer;
}
