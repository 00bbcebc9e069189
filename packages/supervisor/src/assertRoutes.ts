import { assertNoIssues } from './checkEngineOptions.ts';
import type { OptionIssue, OptionRule } from './optionRule.ts';
import { announcement, withdrawal } from './routeRules.ts';

/** @throws PeerloomError `ERR_PEERLOOM_ROUTE` with what is wrong with the first that is no route to announce */
export function assertAnnouncements(announcements: readonly unknown[]): void {
  assertRoutes(announcement, 'announcements', announcements);
}

/** @throws PeerloomError `ERR_PEERLOOM_ROUTE` with what is wrong with the first that is no route to withdraw */
export function assertWithdrawals(withdrawals: readonly unknown[]): void {
  assertRoutes(withdrawal, 'withdrawals', withdrawals);
}

function assertRoutes(each: OptionRule, name: string, routes: readonly unknown[]): void {
  const issues: OptionIssue[] = [];
  for (let index = 0; index < routes.length; index += 1) {
    each(routes[index], [name, index], issues);
    if (issues.length > 0) assertNoIssues(issues, 'ERR_PEERLOOM_ROUTE');
  }
}
