/** Gives every tensor of a graph a name of its own; the file's may repeat or be empty. */
export class TensorNames {
  readonly #taken = new Set<string>();

  /** `wanted`, or where it is taken or empty the first free name made of it. */
  claim(wanted: string): string {
    let name = wanted;
    for (let attempt = 1; name === '' || this.#taken.has(name); attempt++) name = `${wanted}#${attempt}`;
    this.#taken.add(name);
    return name;
  }
}
