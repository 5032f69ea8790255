/// Who and what is spoken of: sessions, actions, principals.
@NullMarked
package dev.remit.core.identity;

import org.jspecify.annotations.NullMarked;
