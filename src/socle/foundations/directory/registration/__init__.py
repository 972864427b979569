"""Self-registration of roles (RPPS+): a person without a regulated profession says who they are and what they do where;
the structure that employs them checks who they are and validates; the directory then shows them, until the contract
ends.

Stands for the self-registration of the portail RPPS+ as the ANS describes it (a role of TRE_R85, bound to the
structure that registers it, an RPPS number for life). Its tables are the truth; what the directory shows is a statement
of their own beside those of the national files. The delays are assumed: no public text gives them.
"""
