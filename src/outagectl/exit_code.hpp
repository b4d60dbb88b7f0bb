#pragma once
// Exit codes: sysexits.h, but `status` speaks the Nagios plugin convention (docs/cli.md).
namespace outaged::ctl {

enum ExitCode : int {
  kOk = 0,
  kFailure = 1,
  kUsage = 64,
  kBadData = 65,
  kUnreachable = 69,
  kNotPermitted = 77,
  kBadConfiguration = 78,
};

/// Of `outagectl status`.
enum StatusCode : int { kOperational = 0, kDegraded = 1, kOutage = 2, kUnknown = 3 };

}  // namespace outaged::ctl
