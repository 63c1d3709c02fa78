import { serverAccount } from './server-account';

const NOBODY = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';
const POSTGRES = 'postgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/bash';
const ROOT = 'root:x:0:0:root:/root:/bin/bash';

describe('serverAccount', () => {
  const as = (uid: number): void => void jest.spyOn(process, 'getuid').mockReturnValue(uid);

  afterEach(() => jest.restoreAllMocks());

  it('is ours unless we are root', () => {
    as(1000);
    expect(serverAccount(() => ROOT)).toBeNull();
  });

  it('is postgres, else nobody, and never root', () => {
    as(0);
    expect(serverAccount(() => [ROOT, NOBODY, POSTGRES].join('\n'))).toEqual({
      name: 'postgres',
      uid: 101,
      gid: 104,
    });
    expect(serverAccount(() => [ROOT, NOBODY].join('\n'))).toMatchObject({ name: 'nobody', uid: 65534 });
    expect(() => serverAccount(() => ROOT)).toThrow(expect.objectContaining({ code: 'DATABASE.NO_ACCOUNT' }));
    expect(() => serverAccount(() => 'nobody:x:0:0::/:/bin/sh')).toThrow();
  });
});
