/*
 * Included before every file that is compiled for Windows: what the portable C parts use of POSIX and GNU, and mingw-w64
 * has not or calls something else.
 */
#ifndef GOLWS_WINDOWS_POSIX_H
#define GOLWS_WINDOWS_POSIX_H

#include <malloc.h>
#include <stddef.h>
#include <time.h>

#define malloc_usable_size _msize
#define timegm _mkgmtime
#define flockfile _lock_file
#define funlockfile _unlock_file

struct tm *gmtime_r(const time_t *time, struct tm *result);
struct tm *localtime_r(const time_t *time, struct tm *result);
void *memmem(const void *bytes, size_t length, const void *wanted, size_t wanted_length);

#endif
