#include "serve/peer.hpp"

#include <array>

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace outaged::serve {
namespace {

std::string user_name(uid_t uid) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return "uid " + std::to_string(uid);
  return found->pw_name;
}

}  // namespace

Peer peer_of_socket(int descriptor) {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return {"", true, "", false};
  return {"", true, user_name(who.uid), who.uid == 0 || who.uid == ::geteuid()};
}

}  // namespace outaged::serve
