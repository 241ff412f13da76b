export { GroupsModule } from './groups.module';
