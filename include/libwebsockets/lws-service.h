#ifndef GOLWS_LWS_SERVICE_H
#define GOLWS_LWS_SERVICE_H

#define lws_plat_service_tsi lws_service_tsi

LWS_VISIBLE LWS_EXTERN int lws_service(struct lws_context *context, int timeout_ms);

LWS_VISIBLE LWS_EXTERN int lws_service_tsi(struct lws_context *context, int timeout_ms, int tsi);

LWS_VISIBLE LWS_EXTERN void lws_cancel_service_pt(struct lws *wsi);

LWS_VISIBLE LWS_EXTERN void lws_cancel_service(struct lws_context *context);

#endif
