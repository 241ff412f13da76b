import { ChangeDetectionStrategy, Component } from '@angular/core';
@Component({ selector: 'ch-profile-page', changeDetection: ChangeDetectionStrategy.OnPush, template: `` })
export class ProfilePage {}
