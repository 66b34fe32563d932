#ifndef GOLWS_SYSTEM_OPS_H
#define GOLWS_SYSTEM_OPS_H

#include "interface_4_1.h"

/* The same operations in the 4.2 layout; NULL for NULL. The result is never freed. */
const lws_system_ops_t *golws_system_ops_from_4_1(const struct golws_4_1_system_ops *given);

#endif
