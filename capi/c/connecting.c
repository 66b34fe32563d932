#include "private.h"

/* weak: capi/soname17 has another */
const int golws_has_connecting __attribute__((weak)) = 1;
