/** Wall and processor time of a call, in seconds. */
export function timed(call) {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const result = call();
  const { user, system } = process.cpuUsage(cpu);
  return [{ cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1e3 }, result];
}
