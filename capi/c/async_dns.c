/* Names to addresses for programs. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>

#include "private.h"
#include "lwsgo_dns.h"

/* The list and what it points to are one block, which begins with its first element. */
static struct addrinfo *list_of(const char *name, const struct golws_dns_address *addresses, int count)
{
	size_t n = (size_t)count, name_size = strlen(name) + 1;
	struct addrinfo *list = calloc(1, n * (sizeof(*list) + sizeof(lws_sockaddr46)) + name_size);
	lws_sockaddr46 *address;
	char *canonical;
	size_t i;

	if (!list)
		return NULL;
	address = (lws_sockaddr46 *)&list[n];
	canonical = (char *)&address[n];
	memcpy(canonical, name, name_size);
	for (i = 0; i < n; i++) {
		list[i].ai_socktype = SOCK_STREAM;
		list[i].ai_canonname = canonical;
		list[i].ai_addr = sa46_sockaddr(&address[i]);
		list[i].ai_next = i + 1 < n ? &list[i + 1] : NULL;
		if (addresses[i].six) {
			list[i].ai_family = address[i].sa6.sin6_family = AF_INET6;
			list[i].ai_addrlen = sizeof(address[i].sa6);
			memcpy(&address[i].sa6.sin6_addr, addresses[i].bytes, 16);
		} else {
			list[i].ai_family = address[i].sa4.sin_family = AF_INET;
			list[i].ai_addrlen = sizeof(address[i].sa4);
			memcpy(&address[i].sa4.sin_addr, addresses[i].bytes, 4);
		}
	}
	return list;
}

int golws_dns_answer(uintptr_t callback, uintptr_t wsi, char *name, struct golws_dns_address *addresses, int count, int result,
		     uintptr_t opaque)
{
	struct addrinfo *list = NULL;

	if (count) {
		list = list_of(name, addresses, count);
		if (!list)
			result = LADNS_RET_FAILED;
	}
	return ((lws_async_dns_cb_t)callback)((struct lws *)wsi, name, list, result, (void *)opaque) || !wsi;
}

lws_async_dns_retcode_t lws_async_dns_query(struct lws_context *context, int tsi, const char *name, adns_query_type_t qtype,
					    lws_async_dns_cb_t cb, struct lws *wsi, void *opaque)
{
	struct golws_dns_query query = {.name = name, .six = qtype == LWS_ADNS_RECORD_AAAA, .has_wsi = !!wsi,
					.callback = (uintptr_t)cb, .opaque = (uintptr_t)opaque};
	struct golws_thread *thread;
	lws_async_dns_retcode_t result;

	if (!golws_runtime_usable() || !golws_context_valid(context, __func__) || (wsi && !golws_wsi_valid(wsi, __func__)))
		return LADNS_RET_FAILED;
	if (!cb || !name || tsi < 0 || tsi >= context->count_threads || (wsi && wsi->context != context)) {
		lwsl_err("%s: %s\n", __func__, !cb ? "cb is NULL" : !name ? "name is NULL" : wsi && wsi->context != context ?
			 "wsi is of another context" : "there is no such service thread");
		return LADNS_RET_FAILED;
	}
	if (qtype != LWS_ADNS_RECORD_A && qtype != LWS_ADNS_RECORD_AAAA) {
		lwsl_err("%s: only addresses can be asked for\n", __func__);
		return LADNS_RET_FAILED;
	}
	/* What concerns a connection happens on its thread. */
	thread = wsi ? wsi->thread : context->threads[tsi];
	golws_enter_thread(thread);
	if (wsi && wsi->state != GOLWS_LIVE)
		result = LADNS_RET_FAILED;
	else {
		if (wsi)
			query.slot = wsi->slot;
		result = (lws_async_dns_retcode_t)lwsgo_dns_query(context->index, thread->tsi, &query);
	}
	golws_leave_thread(thread);
	return result;
}

void lws_async_dns_freeaddrinfo(const struct addrinfo **ai)
{
	if (!ai)
		return;
	free((void *)*ai);
	*ai = NULL;
}

static int server(struct lws_context *context, const lws_sockaddr46 *sa46, int add, const char *function)
{
	struct golws_dns_address address = {.six = 0};
	int result;

	if (!golws_runtime_usable())
		return -1;
	if (!sa46 || (sa46->sa4.sin_family != AF_INET && sa46->sa4.sin_family != AF_INET6)) {
		lwsl_err("%s: no address is given\n", function);
		return -1;
	}
	if (sa46->sa4.sin_family == AF_INET6) {
		address.six = 1;
		memcpy(address.bytes, &sa46->sa6.sin6_addr, 16);
		address.port = ntohs(sa46->sa6.sin6_port);
		address.scope = sa46->sa6.sin6_scope_id;
	} else {
		memcpy(address.bytes, &sa46->sa4.sin_addr, 4);
		address.port = ntohs(sa46->sa4.sin_port);
	}
	if (!golws_enter_context(context, function))
		return -1;
	result = lwsgo_dns_server(context->index, &address, add);
	golws_leave_context(context);
	return result;
}

int lws_async_dns_server_add(struct lws_context *context, const lws_sockaddr46 *sa46)
{
	return server(context, sa46, 1, __func__);
}

void lws_async_dns_server_remove(struct lws_context *context, const lws_sockaddr46 *sa46)
{
	server(context, sa46, 0, __func__);
}
