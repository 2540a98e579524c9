/** CPU time of this process that an action takes, milliseconds. */
export async function processorTimeOf(action: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await action();
  const {user, system} = process.cpuUsage(start);
  return (user + system) / 1000;
}
