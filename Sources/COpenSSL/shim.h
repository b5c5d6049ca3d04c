// The direct SHA-256 functions are twice as fast on short messages as the generic interface.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/ripemd.h>
#include <openssl/sha.h>
