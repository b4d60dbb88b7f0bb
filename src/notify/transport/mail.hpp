#pragma once
// One mail over SMTP, with libcurl. Blocks.
#include <atomic>
#include <string>

#include "notify/channel.hpp"

namespace outaged::notify {

/// `status` is the server's last reply code and `body` its line; a failure when there was none. `ca_file` "": the
/// system's authorities. Gives up within a second of `stop`.
net::HttpExchange send_mail(const MailRequest& request, const std::string& ca_file, const std::atomic<bool>& stop);

}  // namespace outaged::notify
