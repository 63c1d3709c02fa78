import { Injectable } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { FirstAdministratorNotice } from './first-administrator.port';

/** Tells the supervisor, over the IPC channel, which prints it. */
@Injectable()
export class IpcFirstAdministratorNotice extends FirstAdministratorNotice {
  show(user: string, password: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!process.send)
        return reject(
          errors.invalid(
            'GOVERNANCE.NO_FIRST_PASSWORD',
            'Nobody would see the first administrator’s password: set STEWARD_ADMIN_PASSWORD, or start with `npm start`.',
          ),
        );
      process.send({ type: 'first-administrator', user, password }, undefined, undefined, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
}
