#include "outcome.h"

void outcome_note(struct outcome *outcome, struct lws *wsi, enum lws_callback_reasons reason, const void *in)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
	case LWS_CALLBACK_RAW_CONNECTED:
		outcome->established++;
		break;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		outcome->status = (int)lws_http_client_http_response(wsi);
		outcome->responses++;
		break;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		outcome->completed++;
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		lws_strncpy(outcome->error, in ? in : "", sizeof(outcome->error));
		outcome->failed++;
		break;
	case LWS_CALLBACK_RAW_CLOSE:
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
		outcome->closed++;
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		outcome->destroyed++;
		break;
	default:
		break;
	}
}

int outcome_read(struct lws *wsi, int most)
{
	char buffer[LWS_PRE + 1024], *p = buffer + LWS_PRE;

	REQUIRE(most <= 1024);
	return lws_http_client_read(wsi, &p, &most) < 0 ? -1 : 0;
}
