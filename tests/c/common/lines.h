/* What the library logs, to be looked at by a test. */
#ifndef TESTS_COMMON_LINES_H
#define TESTS_COMMON_LINES_H

#include <stdbool.h>

/* Errors, warnings and notices are kept from now on, and earlier ones forgotten. */
void lines_keep(void);
/* From now on nothing is logged. */
void lines_end(void);
/* Whether a line of that level (LLL_) has both texts in it. */
bool lines_have(int level, const char *a, const char *b);
/* All of them, in a static buffer. */
const char *lines_all(void);

#endif
