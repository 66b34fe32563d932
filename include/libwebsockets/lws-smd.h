#ifndef GOLWS_LWS_SMD_H
#define GOLWS_LWS_SMD_H

typedef uint32_t lws_smd_class_t;

typedef int (*lws_smd_notification_cb_t)(void *opaque, lws_smd_class_t _class, lws_usec_t timestamp, void *buf, size_t len);

#endif
