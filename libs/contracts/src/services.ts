/** The services that own topics, schemas and database roles. */
export const Services = ['ingestion', 'training', 'inference', 'monitoring', 'governance'] as const;
export type ServiceName = (typeof Services)[number];
