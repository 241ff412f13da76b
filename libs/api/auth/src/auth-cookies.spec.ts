import { cookieShape, readCookie } from './auth-cookies';

describe('the refresh cookie', () => {
  it('has the prefix, Secure and the path / when the page is on https, and none of them on http', () => {
    expect(cookieShape('https://chat.example')).toEqual({ name: '__Host-cloudhop_refresh', path: '/', isSecure: true });
    for (const url of [undefined, 'http://192.168.1.7:3000'])
      expect(cookieShape(url)).toEqual({ name: 'cloudhop_refresh', path: '/api/auth', isSecure: false });
  });

  it.each([
    ['nothing', undefined, []],
    ['only foreign cookies', 'a=1; xcloudhop_refresh=2; cloudhop_refreshx=3', []],
    ['one', 'a=1; cloudhop_refresh=t.1.m; b=2', ['t.1.m']],
    ['two of the same name', 'cloudhop_refresh=planted; cloudhop_refresh=own', ['planted', 'own']],
    [
      'more than anyone needs',
      Array.from({ length: 50 }, (_, i) => `cloudhop_refresh=${i}`).join('; '),
      ['0', '1', '2', '3'],
    ],
    ['an empty one', 'cloudhop_refresh=', ['']],
  ])('is found when there is %s', (_, cookie, expected) => {
    expect(readCookie(cookieShape(undefined), { headers: { cookie } })).toEqual(expected);
  });
});
