/** Which environment this installation is (`production`, `staging` ...). Abstract class = injection token. */
export abstract class Environment {
  abstract readonly name: string;
}
