import { routes } from '@cloudhop/contracts';
import { pageRoutes } from './page-routes';

test('the routes that a page asks are those of the contract', () => {
  for (const [name, line] of Object.entries(pageRoutes)) {
    const { method, path } = routes[name as keyof typeof pageRoutes];
    expect(line).toBe(`${method} ${path}`);
  }
});
