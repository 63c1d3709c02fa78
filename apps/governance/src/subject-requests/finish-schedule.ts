/** Wakes whoever finishes requests that every service has answered. */
export abstract class FinishSchedule {
  abstract wake(): void;
}
