import { ChangeDetectionStrategy, Component } from '@angular/core';
@Component({ selector: 'ch-friends', changeDetection: ChangeDetectionStrategy.OnPush, template: `` })
export class Friends {}
