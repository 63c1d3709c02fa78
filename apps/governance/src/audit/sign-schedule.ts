/** Has the head signed soon. Abstract class = injection token. */
export abstract class SignSchedule {
  /** The log has grown. Calls close to each other share one signature. */
  abstract wake(): void;
}
