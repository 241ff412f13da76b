import { isOfferDue } from './offer-due';

const day = 24 * 3_600_000;
const guest = { said: 0, hasFriend: false, declinedAt: 0, now: 100 * day };

describe('isOfferDue', () => {
  it('waits until somebody has talked a while, or has a friend', () => {
    expect(isOfferDue({ ...guest, said: 9 })).toBe(false);
    expect(isOfferDue({ ...guest, said: 10 })).toBe(true);
    expect(isOfferDue({ ...guest, hasFriend: true })).toBe(true);
  });

  it('does not come back for a week after it was declined', () => {
    expect(isOfferDue({ ...guest, said: 50, declinedAt: 94 * day })).toBe(false);
    expect(isOfferDue({ ...guest, said: 50, declinedAt: 93 * day })).toBe(true);
  });
});
