export { SearchSheet } from './search-sheet';
