const PLAIN = /^[\w./:-]*$/;

/** A text as JSON, like JSON.stringify, for texts that mostly are names and ids: those need no escaping. */
export const jsonString = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
