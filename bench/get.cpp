#include "get.hpp"

#include <curl/curl.h>

namespace outaged::bench {

std::string get(const std::string& url) {
  std::string body;
  CURL* easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10'000L);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(
      easy, CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t size, std::size_t count, void* into) {
        static_cast<std::string*>(into)->append(data, size * count);
        return size * count;
      });
  if (curl_easy_perform(easy) != CURLE_OK) body.clear();
  curl_easy_cleanup(easy);
  return body;
}

}  // namespace outaged::bench
