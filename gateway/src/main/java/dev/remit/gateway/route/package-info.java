/// Where a call goes: which target of a route, whether it is to be had, and how much may go there
/// at a time.
@NullMarked
package dev.remit.gateway.route;

import org.jspecify.annotations.NullMarked;
