import { authEndpoints, tokenEndpoints } from './auth/endpoints';
import { conversationEndpoints, messageEndpoints } from './conversations/endpoints';
import { friendEndpoints } from './friends/endpoints';
import { groupEndpoints } from './groups/endpoints';
import { healthEndpoints } from './health/endpoints';
import { roomEndpoints } from './rooms/endpoints';
import { statusEndpoints } from './status/endpoints';

/**
 * Method and path of every route, from which `routes` is built. Pages import this table: it has no schemas, which would
 * add the whole contract to the page.
 */
export const endpoints = {
  ...authEndpoints,
  ...friendEndpoints,
  ...groupEndpoints,
  ...messageEndpoints,
  ...roomEndpoints,
  ...tokenEndpoints,
  ...conversationEndpoints,
  ...healthEndpoints,
  ...statusEndpoints,
};
