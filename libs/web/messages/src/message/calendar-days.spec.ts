import * as fc from 'fast-check';
import { dateInputValue, startOfDay, subtractDays } from './calendar-days';

const moments = fc.date({ min: new Date(2000, 0, 1), max: new Date(2100, 0, 1), noInvalidDate: true });

test('a day begins at its first moment here', () => {
  fc.assert(
    fc.property(moments, (moment) => {
      const begin = startOfDay(dateInputValue(moment));
      expect(begin.getTime()).toBeLessThanOrEqual(moment.getTime());
      expect(moment.getTime() - begin.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
      expect(dateInputValue(begin)).toBe(dateInputValue(moment));
    }),
  );
});

test('as many days before are as many steps of a calendar', () => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 0, max: 400 }), (moment, count) => {
      let day = moment;
      for (let n = 0; n < count; n++) day = subtractDays(day, 1);
      expect(dateInputValue(subtractDays(moment, count))).toBe(dateInputValue(day));
    }),
    { numRuns: 30 },
  );
});
