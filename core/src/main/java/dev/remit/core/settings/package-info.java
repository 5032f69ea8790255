/// What an operator configures: providers, routes, teams, budgets and limits, read from
/// `remit.yaml`.
@NullMarked
package dev.remit.core.settings;

import org.jspecify.annotations.NullMarked;
