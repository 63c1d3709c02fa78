import { checkMonitor, MonitorDefinition, monitorDigest } from './monitor-definition';

describe('MonitorDefinition', () => {
  it('has the loop’s alarm rule as its default', () => {
    expect(MonitorDefinition.parse({ model: 'm' })).toMatchObject({
      windowRows: 300,
      drift: { psi: 0.2, pValue: 0.001, minimumRows: 200 },
      fairness: { minimumGroupRows: 30, minimumGroupOutcomes: 10 },
      retrain: { on: [], minimumLabelledRows: 200 },
    });
  });

  it('is the same version for the same content', () => {
    const of = (value: object) => monitorDigest(MonitorDefinition.parse(value));
    expect(of({ model: 'm', windowRows: 300 })).toBe(of({ model: 'm' }));
    expect(of({ model: 'm', windowRows: 400 })).not.toBe(of({ model: 'm' }));
  });

  it('refuses windows that can never be judged, and names that are none', () => {
    expect(() => checkMonitor('m', MonitorDefinition.parse({ model: 'm', windowRows: 100 }))).toThrow(
      'never reach the 200',
    );
    expect(() => checkMonitor('../m', MonitorDefinition.parse({ model: 'm' }))).toThrow("monitor's name");
    expect(MonitorDefinition.safeParse({ model: 'm', drift: { psy: 1 } }).success).toBe(false);
  });
});
