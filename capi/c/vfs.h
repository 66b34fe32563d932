#ifndef GOLWS_VFS_H
#define GOLWS_VFS_H

#include <libwebsockets.h>

/* Makes *ops the operations of the platform, with further ones behind them (NULL: none). */
void golws_platform_file_ops(struct lws_plat_file_ops *ops, const struct lws_plat_file_ops *next);

#endif
