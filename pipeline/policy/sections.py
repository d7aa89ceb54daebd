"""The sections of the privacy policy: the only ones that a rule may cite.

The text numbers two sections 14; they are told apart here as 14a and 14b.
"""

SECTIONS = {
    "1": "Introduction",
    "2": "Terms of Use",
    "3": "Consent and Modification",
    "4": "What Personal Information We Collect and How We Collect It",
    "4.1": "Account",
    "4.2": "'Contact Us' Information",
    "4.3": "Purchases",
    "4.4": "Log Files",
    "4.5": "Cookies and Other Tracking Technologies",
    "4.6": "Analytics Tools",
    "5": "The Way We Use Personal Information",
    "5.1": "To provide and improve, to send communications, to contact, to authenticate",
    "5.2": "E-mail: updates, news, responses",
    "5.3": "Transfer to subsidiaries and affiliated companies",
    "5.4": "Sharing with service providers and partners",
    "5.5": "Disclosure by law, to enforce, against fraud and harm",
    "6": "Use of Anonymous Information",
    "7": "Opting Out",
    "8": "Choice",
    "9": "Access/Accuracy",
    "10": "Links to and Interaction with Third Party Products",
    "11": "Children's Privacy",
    "12": "Security",
    "13": "Merger, Sale or Bankruptcy",
    "14a": "California Privacy Rights",
    "14b": "California Do Not Track Notice",
    "15": "Deletion of Content from California Residents",
    "16": "Commitment",
}
