/** Libraries below all features of the server, from the top to the bottom. */
const base = ['api-realtime', 'api-database', 'api-platform'];
/** Features of the server. None imports another unless it says so below. */
const features = ['api-friends', 'api-groups', 'api-rooms'];
/** Libraries on which every feature of the server may build. */
const featureImports = ['api-conversations', 'api-auth', 'api-personal-feed', ...base, 'contracts'];

/** Libraries below all others of the page, top down. */
export const webBase = ['web-state', 'web-ui'];

/** Libraries that the page's features are built from. */
export const webParts = [
  'web-messages',
  'web-notifications',
  'web-search',
  'web-navigation',
  'web-people',
  'web-shortcuts',
];

/**
 * Imports that a project may make, by tag. The linter makes every other import between projects an error, and a project
 * without a line here too; `npm run docs` draws the diagram of docs/generated/modules.md from it.
 */
export const moduleImports = {
  contracts: [],
  markup: [],
  sdk: ['contracts'],
  'api-platform': ['contracts'],
  'api-database': ['api-platform', 'contracts'],
  'api-realtime': ['api-database', 'api-platform', 'contracts'],
  'api-personal-feed': [...base, 'contracts'],
  'api-auth': ['api-personal-feed', ...base, 'contracts'],
  'api-conversations': ['api-auth', 'api-personal-feed', ...base, 'markup', 'contracts'],
  'api-friends': featureImports,
  'api-groups': featureImports,
  // Friends stand below rooms: lists of rooms leave out whom a block keeps apart.
  'api-rooms': ['api-friends', ...featureImports],
  'api-schema': [...features, ...featureImports],
  api: ['api-schema', ...features, ...featureImports],
  'web-ui': ['markup', 'contracts'],
  'web-state': ['web-ui', 'sdk', 'contracts'],
  'web-people': [...webBase, 'sdk', 'contracts'],
  'web-shortcuts': [...webBase, 'sdk', 'contracts'],
  'web-navigation': ['web-people', 'web-shortcuts', ...webBase, 'sdk', 'contracts'],
  'web-notifications': ['web-navigation', 'web-people', ...webBase, 'sdk', 'contracts'],
  'web-search': ['web-navigation', 'web-people', 'web-shortcuts', ...webBase, 'sdk', 'contracts'],
  'web-messages': ['web-navigation', 'web-people', 'web-shortcuts', ...webBase, 'sdk', 'contracts'],
  // Not web-feature: features never import each other.
  'web-feature': [...webParts, ...webBase, 'sdk', 'contracts'],
  web: ['web-feature', ...webParts, ...webBase, 'sdk', 'contracts'],
  e2e: ['contracts'],
  // It proves the parts themselves: the simulator runs the server's own sequencer and rules, and holds its model against the repositories.
  lab: ['sdk', 'api-schema', ...features, ...featureImports],
  scripts: [],
};
