import { AddressThrottle } from './address-throttle';

describe('AddressThrottle', () => {
  it('counts each address by itself and begins anew with the next window', () => {
    let now = 100;
    const throttle = new AddressThrottle(2, () => now);
    expect(throttle.enter('a')).toEqual({ limit: 2, remaining: 1, resetSeconds: 10 });
    now += 4_500;
    expect(throttle.enter('a')).toEqual({ limit: 2, remaining: 0, resetSeconds: 6 });
    expect(throttle.enter('a').remaining).toBe(-1);
    expect(throttle.enter('b').remaining).toBe(1);
    now += 5_500;
    expect(throttle.enter('a')).toEqual({ limit: 2, remaining: 1, resetSeconds: 10 });
  });

  it('holds a bounded number of addresses', () => {
    const throttle = new AddressThrottle(1, () => 0);
    for (let index = 0; index < 50_000; index++) throttle.enter(String(index));
    expect(throttle.enter('0').remaining).toBe(0);
  });
});
