/** What the form of the simulator holds; empty where nothing was said. */
export interface SimulatorForm {
  readonly person: string;
  readonly action: string;
  readonly subject: string;
  readonly project: string;
  readonly field: string;
  readonly value: string;
  readonly role: string;
}

/** The question to governance: about the object only what was said, and a role that is only tried. */
export function questionOf({ person, action, subject, project, field, value, role }: SimulatorForm) {
  return {
    ...(person === '' ? {} : { principal: person }),
    action,
    subject,
    object: {
      ...(project === '' ? {} : { project }),
      ...(field === '' || value === '' ? {} : { [field]: value }),
    },
    ...(role === '' ? {} : { proposed: { bindings: [{ role, project: project === '' ? null : project }] } }),
  };
}
