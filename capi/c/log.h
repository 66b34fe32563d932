/*
 * Logging from outside of C.
 */
#ifndef GOLWS_LOG_H
#define GOLWS_LOG_H

#include <stddef.h>

/*
 * Logs one line that is already formatted, at a level (one LLL_ bit) that may or may not be enabled. The text needs
 * neither a NUL nor a newline at its end, and is not cut however long it is.
 */
void golws_log(int level, const char *text, size_t len);

#endif
