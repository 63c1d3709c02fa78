/** Injection token of the {@link ServiceName} of this process. */
export const SERVICE_NAME = 'steward:service-name';
