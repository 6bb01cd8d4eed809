# SPDX-License-Identifier: Apache-2.0
# Reelwork: the parts of the vector generator
