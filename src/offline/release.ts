/** One file of a build. */
export interface ReleaseFile {
  /** Lower-case hex. */
  readonly sha256: string;
  /** What it is needed for: kept once that is used. Absent in files of the app, which are kept from the start. */
  readonly part?: string;
}

/** Every file of one build that works without a connection, by its path below the folder of the build. */
export interface Release {
  /** Another one where any file is another one. */
  readonly version: string;
  readonly files: Readonly<Record<string, ReleaseFile>>;
}

/** A file of a release by its path. Any thread. */
export function fileOf({files}: Release, path: string | undefined): ReleaseFile | undefined {
  return path !== undefined && Object.hasOwn(files, path) ? files[path] : undefined;
}
