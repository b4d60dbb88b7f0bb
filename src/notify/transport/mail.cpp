#include "notify/transport/mail.hpp"

#include <memory>

#include <curl/curl.h>

namespace outaged::notify {
namespace {

struct EasyCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What libcurl's callbacks share.
struct Conversation {
  std::string_view left;   ///< of the mail, to be sent
  std::string last_reply;  ///< "250 2.0.0 Ok: queued as …"
  const std::atomic<bool>* stop = nullptr;
};

std::size_t read_content(char* to, std::size_t size, std::size_t count, void* self) {
  auto& left = static_cast<Conversation*>(self)->left;
  const std::size_t taken = left.copy(to, size * count);
  left.remove_prefix(taken);
  return taken;
}

/// The server's lines come as "headers".
std::size_t read_reply(char* from, std::size_t size, std::size_t count, void* self) {
  std::string line{from, size * count};
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  // 221 is the server's good-bye and says nothing about the mail.
  if (!line.starts_with("221")) static_cast<Conversation*>(self)->last_reply = std::move(line);
  return size * count;
}

int on_progress(void* self, curl_off_t /*down_total*/, curl_off_t /*down*/, curl_off_t /*up_total*/,
                curl_off_t /*up*/) {
  return static_cast<Conversation*>(self)->stop->load() ? 1 : 0;
}

Layer layer_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return Layer::dns;
    case CURLE_COULDNT_CONNECT: return Layer::tcp;
    case CURLE_OPERATION_TIMEDOUT: return Layer::timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:
    case CURLE_PEER_FAILED_VERIFICATION: return Layer::tls;
    default: return Layer::http;
  }
}

}  // namespace

net::HttpExchange send_mail(const MailRequest& request, const std::string& ca_file, const std::atomic<bool>& stop) {
  const std::unique_ptr<CURL, EasyCleanup> owner{curl_easy_init()};
  CURL* curl = owner.get();
  Conversation conversation{request.content, {}, &stop};
  curl_slist* list = nullptr;
  for (const auto& to : request.to) list = curl_slist_append(list, to.c_str());
  const std::unique_ptr<curl_slist, ListCleanup> recipients{list};
  char reason[CURL_ERROR_SIZE] = {};

  curl_easy_setopt(curl, CURLOPT_URL, request.server.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_USE_SSL, request.encrypted ? long{CURLUSESSL_ALL} : long{CURLUSESSL_NONE});
  if (!ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file.c_str());
  if (!request.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, request.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, request.password.reveal().c_str());
  }
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, request.from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_content);
  curl_easy_setopt(curl, CURLOPT_READDATA, &conversation);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, read_reply);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &conversation);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &conversation);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout / std::chrono::milliseconds{1}));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);

  const CURLcode code = curl_easy_perform(curl);
  long reply = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
  net::HttpExchange exchange;
  if (code == CURLE_OK) {
    exchange.status = 250;
    exchange.body = conversation.last_reply;
  } else if (reply >= 400 && reply < 600) {
    exchange.status = static_cast<std::uint16_t>(reply);
    exchange.body = conversation.last_reply;
  } else {
    const std::string detail = reason[0] == '\0' ? curl_easy_strerror(code) : reason;
    exchange.failure = Failure{layer_of(code), std::nullopt, "smtp", detail};
  }
  return exchange;
}

}  // namespace outaged::notify
