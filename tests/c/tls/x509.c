/* What is in certificates, compared with what openssl(1) says; keys as JWK; requests. */
#define _GNU_SOURCE /* strptime */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"
#include "lines.h"
#include "process.h"
#include "server.h"
#include "tls.h"

typedef union {
	union lws_tls_cert_info_results results;
	char room[4096];
} large_answer;

#define ROOM (sizeof(large_answer) - sizeof(union lws_tls_cert_info_results))

static struct lws_x509_cert *parsed(const char *name)
{
	struct lws_x509_cert *x509 = NULL;
	size_t length;
	void *pem = tls_read(name, &length);

	CHECK_INT(lws_x509_create(&x509), 0);
	REQUIRE(x509 != NULL);
	CHECK_INT(lws_x509_parse_from_pem(x509, pem, length), 0);
	free(pem);
	return x509;
}

/* What openssl(1) writes after the first '='; its answer is a static buffer. */
static const char *value_of(const char *options, const char *name)
{
	const char *text = tls_command("openssl x509 -in %s -noout %s", tls_file(name), options);

	text = strchr(text, '=');
	REQUIRE(text != NULL);
	return text + 1;
}

static time_t time_of(const char *option, const char *name)
{
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	REQUIRE(strptime(value_of(option, name), "%b %d %H:%M:%S %Y GMT", &tm) != NULL);
	return timegm(&tm);
}

static void compare_with_der(const char *command, const large_answer *answer)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/answer.der", test_directory());
	tls_write(path, answer->results.ns.name, (size_t)answer->results.ns.len);
	CHECK_STR(tls_command("%s | cmp - %s", command, path), "");
}

static void compare(const char *name, const char *common_name, unsigned int usage)
{
	struct lws_x509_cert *x509 = parsed(name);
	large_answer answer;
	char command[1024];

	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_VALIDITY_FROM, &answer.results, 0), 0);
	CHECK_INT(answer.results.time, time_of("-startdate", name));
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_VALIDITY_TO, &answer.results, 0), 0);
	CHECK_INT(answer.results.time, time_of("-enddate", name));
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_COMMON_NAME, &answer.results, ROOM), 0);
	CHECK_STR(answer.results.ns.name, common_name);
	CHECK_INT(answer.results.ns.len, strlen(common_name));
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_ISSUER_NAME, &answer.results, ROOM), 0);
	CHECK_STR(answer.results.ns.name, value_of("-issuer -nameopt compat", name));
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_USAGE, &answer.results, 0), 0);
	CHECK_INT(answer.results.usage, usage);
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_OPAQUE_PUBLIC_KEY, &answer.results, ROOM), 0);
	snprintf(command, sizeof(command), "openssl x509 -in %s -noout -pubkey | openssl pkey -pubin -outform DER",
		 tls_file(name));
	compare_with_der(command, &answer);
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_DER_RAW, &answer.results, ROOM), 0);
	snprintf(command, sizeof(command), "openssl x509 -in %s -outform DER", tls_file(name));
	compare_with_der(command, &answer);

	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_VERIFIED, &answer.results, ROOM), -1);
	CHECK_INT(lws_x509_info(x509, (enum lws_tls_cert_info)99, &answer.results, ROOM), -1);
	lws_x509_destroy(&x509);
	CHECK_PTR(x509, NULL);
}

static void information(void)
{
	lws_set_log_level(0, NULL);
	compare("server.pem", "localhost", 0x88);
	compare("client.pem", "Test Client", 0x88);
	compare("rsa.pem", "localhost", 0x88);
	compare("ca.pem", "Test Authority", 0x06);
	compare("expired.pem", "localhost", 0x88);
	/* Several: the first */
	compare("chain-full.pem", "localhost", 0x88);
}

static void room(void)
{
	struct lws_x509_cert *x509;
	large_answer answer;
	int length;

	lws_set_log_level(0, NULL);
	x509 = parsed("client.pem");
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_COMMON_NAME, &answer.results, 12), 0);
	CHECK_STR(answer.results.ns.name, "Test Client");
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_COMMON_NAME, &answer.results, 11), -1);
	memset(&answer, 'x', sizeof(answer));
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_ISSUER_NAME, &answer.results, 6), 0);
	CHECK_STR(answer.results.ns.name, "/C=DE");
	CHECK_INT(answer.results.ns.len, 5);
	CHECK_INT(answer.results.ns.name[6], 'x');
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_DER_RAW, &answer.results, 64), -1);
	length = answer.results.ns.len;
	CHECK(length > 64);
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_DER_RAW, &answer.results, (size_t)length), 0);
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_OPAQUE_PUBLIC_KEY, &answer.results, 16), -1);
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_COMMON_NAME, &answer.results, 0), -1);
	lws_x509_destroy(&x509);
	lws_x509_destroy(&x509);
	lws_x509_destroy(NULL);
}

static void not_certificates(void)
{
	struct lws_x509_cert *x509, *other;
	large_answer answer;
	size_t length;
	char *pem;

	lines_keep();
	CHECK_INT(lws_x509_create(&x509), 0);
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_COMMON_NAME, &answer.results, 64), -1);
	CHECK(lines_have(LLL_ERR, "lws_x509_info", "no certificate"));
	CHECK(lws_x509_parse_from_pem(x509, "nonsense", 8) != 0);
	CHECK(lines_have(LLL_ERR, "lws_x509_parse_from_pem", "no certificate"));
	CHECK(lws_x509_parse_from_pem(x509, NULL, 0) != 0);
	pem = tls_read("server.key", &length);
	CHECK(lws_x509_parse_from_pem(x509, pem, length) != 0);
	free(pem);
	pem = tls_read("server.pem", &length);
	CHECK(lws_x509_parse_from_pem(x509, pem, length / 2) != 0);
	CHECK(lws_x509_parse_from_pem(NULL, pem, length) != 0);
	other = parsed("ca.pem");
	CHECK(lws_x509_verify(x509, other, NULL) != 0);
	CHECK(lws_x509_verify(other, x509, NULL) != 0);
	CHECK(lws_x509_verify(other, NULL, NULL) != 0);

	/* What could not be read changes nothing; what can takes the place of what was there. With its NUL, too. */
	CHECK_INT(lws_x509_parse_from_pem(x509, pem, length + 1), 0);
	CHECK(lws_x509_parse_from_pem(x509, "nonsense", 8) != 0);
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_COMMON_NAME, &answer.results, 64), 0);
	CHECK_STR(answer.results.ns.name, "localhost");
	free(pem);
	pem = tls_read("client.pem", &length);
	CHECK_INT(lws_x509_parse_from_pem(x509, pem, length), 0);
	CHECK_INT(lws_x509_info(x509, LWS_TLS_CERT_INFO_COMMON_NAME, &answer.results, 64), 0);
	CHECK_STR(answer.results.ns.name, "Test Client");
	free(pem);
	lws_x509_destroy(&x509);
	lws_x509_destroy(&other);
	lines_end();
}

static void verification(void)
{
	struct lws_x509_cert *ca, *other, *server, *chain;

	lines_keep();
	ca = parsed("ca.pem");
	other = parsed("other-ca.pem");
	server = parsed("server.pem");
	chain = parsed("chain-full.pem");
	CHECK_INT(lws_x509_verify(server, ca, NULL), 0);
	CHECK_INT(lws_x509_verify(server, ca, "localhost"), 0);
	CHECK_INT(lws_x509_verify(chain, ca, NULL), 0);
	CHECK_INT(lws_x509_verify(ca, ca, NULL), 0);
	CHECK(lws_x509_verify(server, ca, "localhos") != 0);
	CHECK(lines_have(LLL_ERR, "lws_x509_verify", "localhost"));
	CHECK(lws_x509_verify(server, ca, "") != 0);
	CHECK(lws_x509_verify(server, other, NULL) != 0);
	CHECK(lines_have(LLL_ERR, "lws_x509_verify", "Test Authority"));
	CHECK(lws_x509_verify(ca, server, NULL) != 0);
	lws_x509_destroy(&ca);
	lws_x509_destroy(&other);
	lws_x509_destroy(&server);
	lws_x509_destroy(&chain);
	lines_end();
}

static const char *hex(const struct lws_gencrypto_keyelem *element)
{
	static char text[4096];

	text[0] = '\0';
	for (uint32_t i = 0; element->buf && i < element->len; i++)
		snprintf(text + 2 * i, sizeof(text) - 2 * i, "%02x", element->buf[i]);
	return text;
}

/* The lines of "openssl pkey -text" after a heading, without anything that is no hexadecimal digit. */
static const char *key_text(const char *name, const char *heading)
{
	static char digits[4096];
	const char *text = tls_command("openssl pkey -in %s -noout -text", tls_file(name)), *at;
	size_t n = 0;

	digits[0] = '\0';
	at = strstr(text, heading);
	REQUIRE(at != NULL);
	for (at = strchr(at, '\n') + 1; *at == ' '; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : at + strlen(at))
		for (const char *p = at; *p && *p != '\n'; p++)
			if (isxdigit((unsigned char)*p) && n < sizeof(digits) - 1)
				digits[n++] = *p;
	digits[n] = '\0';
	return digits;
}

static const char *without_zeros(const char *text)
{
	while (!strncmp(text, "00", 2))
		text += 2;
	return text;
}

static void add_private(struct lws_jwk *jwk, const char *name, const char *passphrase, int expected)
{
	size_t length, i;
	char *pem = tls_read(name, &length);

	CHECK_INT(lws_x509_jwk_privkey_pem(jwk, pem, length, passphrase) != 0, expected != 0);
	for (i = 0; i < length; i++)
		if (pem[i]) {
			FAIL("the private key is not wiped");
			break;
		}
	free(pem);
}

static void keys_ec(void)
{
	struct lws_x509_cert *x509;
	struct lws_jwk jwk;
	char both[200];

	lines_keep();
	x509 = parsed("server.pem");
	CHECK(lws_x509_public_to_jwk(&jwk, x509, NULL, 2048) != 0);
	CHECK_PTR(jwk.e[LWS_GENCRYPTO_EC_KEYEL_X].buf, NULL);
	CHECK(lws_x509_public_to_jwk(&jwk, x509, "P-384,P-521", 2048) != 0);
	CHECK(lines_have(LLL_ERR, "lws_x509_public_to_jwk", "P-256"));
	CHECK_INT(lws_x509_public_to_jwk(&jwk, x509, "P-384,P-256", 2048), 0);
	CHECK_INT(jwk.kty, LWS_GENCRYPTO_KTY_EC);
	CHECK_INT(jwk.private_key, 0);
	CHECK_MEM(jwk.e[LWS_GENCRYPTO_EC_KEYEL_CRV].buf, jwk.e[LWS_GENCRYPTO_EC_KEYEL_CRV].len, "P-256", 6);
	snprintf(both, sizeof(both), "04%s", hex(&jwk.e[LWS_GENCRYPTO_EC_KEYEL_X]));
	strcat(both, hex(&jwk.e[LWS_GENCRYPTO_EC_KEYEL_Y]));
	CHECK_STR(both, key_text("server.key", "pub:"));
	CHECK_PTR(jwk.e[LWS_GENCRYPTO_EC_KEYEL_D].buf, NULL);

	add_private(&jwk, "one.key", NULL, 1);
	add_private(&jwk, "rsa.key", NULL, 1);
	add_private(&jwk, "server-encrypted.key", NULL, 1);
	add_private(&jwk, "server-encrypted.key", "wrong", 1);
	CHECK_INT(jwk.private_key, 0);
	CHECK_PTR(jwk.e[LWS_GENCRYPTO_EC_KEYEL_D].buf, NULL);
	add_private(&jwk, "server-encrypted.key", "secret", 0);
	add_private(&jwk, "server.key", NULL, 0);
	CHECK_INT(jwk.private_key, 1);
	CHECK_STR(hex(&jwk.e[LWS_GENCRYPTO_EC_KEYEL_D]), key_text("server.key", "priv:"));
	lws_jwk_destroy(&jwk);
	for (int i = 0; i < LWS_GENCRYPTO_MAX_KEYEL_COUNT; i++)
		CHECK_PTR(jwk.e[i].buf, NULL);
	lws_jwk_destroy(&jwk);
	lws_x509_destroy(&x509);
	lines_end();
}

static void keys_rsa(void)
{
	static const struct {
		int element;
		const char *heading;
	} parts[] = { { LWS_GENCRYPTO_RSA_KEYEL_N, "modulus:" },	   { LWS_GENCRYPTO_RSA_KEYEL_D, "privateExponent:" },
		      { LWS_GENCRYPTO_RSA_KEYEL_P, "prime1:" },	   { LWS_GENCRYPTO_RSA_KEYEL_Q, "prime2:" },
		      { LWS_GENCRYPTO_RSA_KEYEL_DP, "exponent1:" }, { LWS_GENCRYPTO_RSA_KEYEL_DQ, "exponent2:" },
		      { LWS_GENCRYPTO_RSA_KEYEL_QI, "coefficient:" } };
	struct lws_x509_cert *x509;
	struct lws_jwk jwk;
	size_t i;

	lines_keep();
	x509 = parsed("rsa.pem");
	CHECK(lws_x509_public_to_jwk(&jwk, x509, "P-256", 4096) != 0);
	CHECK(lines_have(LLL_ERR, "2048", "4096"));
	CHECK_INT(lws_x509_public_to_jwk(&jwk, x509, NULL, 2048), 0);
	CHECK_INT(jwk.kty, LWS_GENCRYPTO_KTY_RSA);
	CHECK_STR(hex(&jwk.e[LWS_GENCRYPTO_RSA_KEYEL_E]), "010001");
	add_private(&jwk, "server.key", NULL, 1);
	add_private(&jwk, "rsa.key", NULL, 0);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		CHECK_STR(hex(&jwk.e[parts[i].element]), without_zeros(key_text("rsa.key", parts[i].heading)));
	lws_jwk_destroy(&jwk);
	lws_x509_destroy(&x509);
	lines_end();
}

static const struct lws_protocols protocols[] = {
	{ .name = "http", .callback = lws_callback_http_dummy },
	{ 0 },
};

static void of_a_vhost(void)
{
	struct lws_context_creation_info info;
	union lws_tls_cert_info_results answer;
	struct server server;

	server_info(&info, protocols);
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.ssl_cert_filepath = tls_file("server.pem");
	info.ssl_private_key_filepath = tls_file("server.key");
	server_create(&server, &info);
	CHECK_INT(lws_tls_vhost_cert_info(server.vhost, LWS_TLS_CERT_INFO_COMMON_NAME, &answer, sizeof(answer.ns.name)), 0);
	CHECK_STR(answer.ns.name, "localhost");
	CHECK_INT(lws_tls_vhost_cert_info(server.vhost, LWS_TLS_CERT_INFO_VALIDITY_TO, &answer, 0), 0);
	CHECK_INT(answer.time, time_of("-enddate", "server.pem"));
	CHECK_INT(lws_tls_vhost_cert_info(server.vhost, LWS_TLS_CERT_INFO_VERIFIED, &answer, 0), -1);
	lines_end();
	CHECK_INT(lws_tls_vhost_cert_info(NULL, LWS_TLS_CERT_INFO_VALIDITY_TO, &answer, 0), -1);

	/* ACME's challenge */
	CHECK_INT(lws_tls_acme_sni_cert_create(server.vhost, "a.acme.invalid", "b.acme.invalid"), 0);
	server_start(&server);
	CHECK(strstr(tls_command("openssl s_client -connect 127.0.0.1:%d </dev/null 2>/dev/null | "
				 "openssl x509 -noout -ext subjectAltName", server.port),
		     "DNS:a.acme.invalid, DNS:b.acme.invalid") != NULL);
	CHECK(lws_tls_acme_sni_cert_create(server.vhost, NULL, NULL) != 0);
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, NULL, 0), 0);
	CHECK_INT(tls_serial(server.port, ""), 3);
	server_destroy(&server);

	/* No TLS */
	server_info(&info, protocols);
	server_create(&server, &info);
	lines_end();
	CHECK_INT(lws_tls_vhost_cert_info(server.vhost, LWS_TLS_CERT_INFO_VALIDITY_TO, &answer, 0), -1);
	CHECK(lws_tls_acme_sni_cert_create(server.vhost, "a", NULL) != 0);
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, "x", 1, "x", 1), -1);
	CHECK_INT(lws_tls_vhost_watch_cert(server.vhost, 1), -1);
	CHECK_INT(lws_tls_vhost_add_trust_mem(server.vhost, "x", 1), -1);
	server_destroy(&server);
}

static void requests(void)
{
	const char *elements[LWS_TLS_REQ_ELEMENT_COUNT] = { "DE", "", NULL, "Example", "one.example", "two.example",
							    "admin@example.org" };
	struct lws_context_creation_info info;
	uint8_t request[2400], tiny[16];
	char der[2000], path[512], key_path[512], *key = NULL;
	size_t key_length = 0;
	struct server server;
	const char *text;
	int n;

	if (process_slowness() > 5)
		test_skip("an RSA key of 4096 bits takes minutes here");
	server_info(&info, protocols);
	server_create(&server, &info);
	lines_end();
	CHECK(lws_tls_acme_sni_csr_create(server.context, elements, tiny, sizeof(tiny), &key, &key_length) < 0);
	CHECK_PTR(key, NULL);
	n = lws_tls_acme_sni_csr_create(server.context, elements, request, sizeof(request), &key, &key_length);
	REQUIRE(n > 0 && n <= (int)sizeof(request));
	REQUIRE(key != NULL);

	n = lws_b64_decode_string_len((char *)request, n, der, sizeof(der));
	REQUIRE(n > 0);
	snprintf(path, sizeof(path), "%s/request.der", test_directory());
	snprintf(key_path, sizeof(key_path), "%s/request.key", test_directory());
	tls_write(path, der, (size_t)n);
	tls_write(key_path, key, key_length);
	text = tls_command("openssl req -in %s -inform DER -noout -verify -subject -text", path);
	CHECK(strstr(text, "C = DE, ST = none, O = Example, CN = one.example, emailAddress = admin@example.org") != NULL);
	CHECK(strstr(text, "DNS:one.example, DNS:two.example") != NULL);
	CHECK(strstr(text, "4096 bit") != NULL);
	CHECK_STR(tls_command("openssl req -in %s -inform DER -noout -pubkey > %s.pub && openssl pkey -in %s -pubout | "
			      "cmp - %s.pub", path, path, key_path, path), "");
	memset(key, 0, key_length);
	free(key);
	server_destroy(&server);
}

TEST_MAIN({ "information", information },
	  { "room", room },
	  { "not_certificates", not_certificates },
	  { "verification", verification },
	  { "keys_ec", keys_ec },
	  { "keys_rsa", keys_rsa },
	  { "of_a_vhost", of_a_vhost },
	  { "requests", requests })
