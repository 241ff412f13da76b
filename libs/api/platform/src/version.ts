/** Version of this release. */
export { version } from '../../../../package.json';
